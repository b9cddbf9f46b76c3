// Prints the coverage as a Markdown table, for the job's summary.
import { readFile } from "node:fs/promises";

const { total } = JSON.parse(await readFile("coverage/coverage-summary.json", "utf8"));

console.log("## Coverage\n\n| what | covered | of | % |\n|---|---|---|---|");
for (const what of ["lines", "functions", "branches"]) {
  const { covered, total: of, pct } = total[what];
  console.log(`| ${what} | ${covered} | ${of} | ${pct} |`);
}
