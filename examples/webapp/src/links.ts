/** Short names for long addresses, in memory. */
export interface Link {
  readonly name: string;
  readonly target: string;
  readonly visits: number;
}

export class InvalidLink extends Error {}

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

export class Links {
  readonly #links = new Map<string, Link>();

  get size(): number {
    return this.#links.size;
  }

  /** Adds a link, or changes where it leads. */
  put(name: string, target: string): Link {
    if (!NAME.test(name)) {
      throw new InvalidLink(`'${name}' is not a name: use up to 40 lower case letters, digits and hyphens`);
    }
    if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol)) {
      throw new InvalidLink(`'${target}' is not an http or https address`);
    }
    const link = { name, target, visits: this.#links.get(name)?.visits ?? 0 };
    this.#links.set(name, link);
    return link;
  }

  /** Counts a visit and returns the link, or nothing when there is none of this name. */
  visit(name: string): Link | undefined {
    const link = this.#links.get(name);
    if (link === undefined) {
      return undefined;
    }
    const visited = { ...link, visits: link.visits + 1 };
    this.#links.set(name, visited);
    return visited;
  }

  remove(name: string): boolean {
    return this.#links.delete(name);
  }

  all(): Link[] {
    return [...this.#links.values()].sort((a, b) => a.name.localeCompare(b.name));
  }
}
