#!/bin/sh
# The whole of partwise in a few minutes on a CPU, on toy chairs. Run it by `make demo`.
set -eu

out=demo-out
rm -rf "$out"

say() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
run() { printf '$ %s\n' "$*"; "$@"; }

say "1. Toy chairs in PartNet's own files"
run partwise toy --category Chair --train 240 --val 16 --test 32 --points 1024 --out $out/h5 --meshes $out/meshes

say "2. Prepare: from PartNet's files to one store a split"
run partwise prepare partnet $out/h5 --category Chair --out $out/data

say "3. Train a small network"
run partwise train --preset tiny --category Chair --data $out/data --out $out/run

say "4. Evaluate on chairs it has not seen"
run partwise evaluate --model $out/run --data $out/data --out $out/evaluation

say "5. Segment a mesh file"
run partwise segment $out/meshes/synth-chair-test-1.glb --model $out/run --out $out/segmented

say "Done"
cat <<END
  $out/h5           toy chairs in PartNet's ins_seg_h5 layout
  $out/meshes       the test chairs as GLB meshes
  $out/data         prepared stores, one a split; look at them with: partwise inspect $out/data
  $out/run          settings, log and checkpoints of the training run
  $out/evaluation   metrics.json
  $out/segmented    parts.json, labels.npz, and coloured PLY files of each level, for any mesh viewer
END
