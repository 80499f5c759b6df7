#!/bin/sh
# Instructions that a small fixed run takes, counted by valgrind: a figure that does not depend on what
# else the machine does. The processor that valgrind plays has no instructions for SHA-256.
#
#     benches/instructions.sh [PINCHBECK [MODEL]]
set -eu
program=${1:-target/release/pinchbeck}
model=${2:+--model $2}
rows=2000
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

"$program" simulate --rows "$rows" --seed 1 -o "$folder/many.csv" 2>/dev/null
head -n 2 "$folder/many.csv" >"$folder/one.csv"

# Instructions of scoring a file on one thread. $model is two words or none.
count() {
    # shellcheck disable=SC2086
    valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$program" score "$1" $model --threads 1 -o "$folder/out.csv" 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

one=$(count "$folder/one.csv")
many=$(count "$folder/many.csv")
echo "one row: $one"
echo "$rows rows: $many"
echo "each further row: $(((many - one) / (rows - 1)))"
