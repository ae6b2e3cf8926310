#!/bin/sh
# Stands in for an agent: says which formulas it has, then echoes what it is told.
for formula in .beads/formulas/*.formula.toml; do
  echo "$(basename "$formula" .formula.toml): $(sed -n 's/^description = //p' "$formula")"
done
exec cat
