#!/bin/sh
# From a mesh to its parts with a model that comes with partwise, in seconds. Run it by `make demo`.
set -eu

out=demo-out
rm -rf "$out"

say() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
run() { printf '$ %s\n' "$*"; "$@"; }

say "1. Three chairs to try it with, as meshes (any of your own will do)"
run partwise synth --category Chair --split test=3 --seed 4 --points 1000 --out $out/h5 --meshes $out/meshes

say "2. Their parts at three levels, and the part tree"
run partwise segment $out/meshes/*.glb --category chair --out $out/parts

say "3. A picture of them"
run partwise render $out/parts/* --out $out/parts.png

say "Done"
cat <<END
  $out/meshes     the chairs as GLB files
  $out/parts      for each chair: parts.glb and parts/ to open in any viewer, points.ply, faces.npz, result.json
  $out/parts.png  the parts of the three chairs, a level each in three colours

Next: partwise models lists what comes with partwise; the README says how to train on PartNet or on shapes of your own.
END
