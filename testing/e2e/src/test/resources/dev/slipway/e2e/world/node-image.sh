#!/bin/sh
# Builds an image with Node, npm and BusyBox out of this machine's packages, under a public image's name: nothing can be pulled here.
#   node-image.sh NAME FOLDER        FOLDER: empty, becomes the build context
set -eu
name=$1
root=$2/root
node=$(readlink -f "$(command -v node)")
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$root/bin" "$root/usr/bin" "$root/usr/local/lib" "$root/usr/local/bin" "$root/etc" "$root/tmp" "$root/root" "$root/home/node"
chmod 1777 "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$node" "$root/usr/local/bin/node"
cp -a "$npm" "$root/usr/local/lib/npm"
{ ldd "$node"; ldd "$root/bin/busybox" 2>/dev/null || :; } | grep -o '/[^ ]*' | sort -u | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
done
printf '#!/bin/sh\nexec /usr/local/bin/node /usr/local/lib/npm/bin/npm-cli.js "$@"\n' >"$root/usr/local/bin/npm"
chmod 755 "$root/usr/local/bin/npm"
printf 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000:node:/home/node:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnode:x:1000:\n' >"$root/etc/group"
chown 1000:1000 "$root/home/node"
cat >"$2/Dockerfile" <<'DOCKERFILE'
FROM scratch
COPY root /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN ["/bin/busybox", "--install", "-s", "/bin"]
CMD ["node"]
DOCKERFILE
docker build --quiet --tag "$name" "$2"
