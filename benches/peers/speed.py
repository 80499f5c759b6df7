"""CPU time, wall time and memory of pinchbeck beside its peers, as a Markdown table.

    python benches/peers/speed.py --pinchbeck target/release/pinchbeck --work DIR [--rows N] \
        [--repetitions N] [--only score,parquet,threads,one,train,memory] ...

Ours and a peer run in turns, so that what else the machine does meets both; a ratio is taken within each
pair, and the table has the median of the ratios with the least and the greatest. See README.md.
"""

import argparse
import csv
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
PARTS = ["score", "parquet", "threads", "one", "train", "memory"]
# One row is over so soon that it is run more often.
ONE_ROW_RUNS = 10


@dataclass
class Run:
    """What a process used: seconds, seconds, MB."""

    cpu: float
    wall: float
    peak: float


def run(command):
    """Runs a command to its end. A process of Linux has had the peak of what started it, so this
    program stays small."""
    started = time.perf_counter()
    process = subprocess.Popen([str(own) for own in command], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{said.decode(errors='replace')}")
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def in_turns(ours, peer, n):
    """Pairs of runs; who comes first changes from pair to pair."""
    pairs = []
    for turn in range(n):
        if turn % 2 == 0:
            first = run(ours)
            pairs.append((first, run(peer)))
        else:
            first = run(peer)
            pairs.append((run(ours), first))
    return pairs


def row(work, unit, ours, peer, ratios):
    """A line of the table."""
    spread = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})" if ratios else ""
    middle = [f"{median(own):.3g} {unit}" if own else "" for own in (ours, peer)]
    print(f"| {work} | {middle[0]} | {middle[1]} | {spread} |", flush=True)


def compare(work, what, pairs, inverse=False):
    """A line of one kind of figure: how many times ours the peer's is, or the inverse."""
    ours = [getattr(own, what) for own, _ in pairs]
    peer = [getattr(own, what) for _, own in pairs]
    ratios = [a / b if inverse else b / a for a, b in zip(ours, peer)]
    row(work, "MB" if what == "peak" else "s", ours, peer, ratios)


class Bench:
    """Files and commands of one measurement."""

    def __init__(self, options):
        self.options = options
        self.work = Path(options.work)
        self.work.mkdir(parents=True, exist_ok=True)
        os.environ["PINCHBECK"] = str(Path(options.pinchbeck).resolve())
        self.n = options.repetitions

    def script(self, path, *arguments):
        return [sys.executable, path, *arguments]

    def listings(self, rows, seed=7):
        """The beginning of the names of files of so many listings, made if they are not there."""
        prefix = self.work / f"listings-{rows}-{seed}"
        if not prefix.with_suffix(".parquet").exists():
            run(self.script(self.options.gen, str(rows), str(prefix), str(seed)))
        return prefix

    def made(self, name, command):
        """A file of the work folder, made by a command if it is not there."""
        path = self.work / name
        if not path.exists():
            run([*command, path])
        return path

    def labeled(self):
        return f"{self.listings(self.options.model_rows, seed=8)}.csv"

    def model(self):
        train = [self.options.pinchbeck, "train", self.labeled(), "--always-words", "--output"]
        return self.made("model.json", train)

    def text_model(self):
        return self.made("text.joblib", self.script(self.options.text_peer, "train", self.labeled()))

    def numbers_model(self):
        return self.made("numbers.json", self.script(self.options.numbers_peer, self.labeled()))

    def ours(self, source, ending, *more):
        return [self.options.pinchbeck, "score", source, "--model", self.model(), "-o",
                self.work / f"ours.{ending}", *more]

    def polars(self, source, ending):
        out = self.work / f"polars.{ending}"
        return self.script(self.options.polars_peer, self.numbers_model(), source, out)

    def score(self):
        source = f"{self.listings(self.options.rows)}.csv"
        ours = self.ours(source, "csv")
        text = self.script(self.options.text_peer, "score", self.text_model(), source,
                           self.work / "text.csv")
        compare("CSV to CSV, CPU: text peer / ours", "cpu", in_turns(ours, text, self.n))
        self.beside_polars(source, "csv", "CSV to CSV")

    def parquet(self):
        source = f"{self.listings(self.options.rows)}.parquet"
        self.beside_polars(source, "parquet", "Parquet to Parquet")

    def beside_polars(self, source, ending, work):
        ours = self.ours(source, ending)
        pairs = in_turns(ours, self.polars(source, ending), self.n)
        compare(f"{work}, CPU: polars peer / ours", "cpu", pairs)
        copy = self.script(self.options.copy_peer, source, self.work / f"copy.{ending}")
        pairs = in_turns(ours, copy, self.n)
        compare(f"{work}, wall: ours / plain copy", "wall", pairs, inverse=True)

    def threads(self):
        source = f"{self.listings(self.options.rows)}.csv"
        two, one = (self.ours(source, "csv", "--threads", n) for n in "21")
        compare("one thread / two threads, wall", "wall", in_turns(two, one, self.n))

    def one(self):
        source, target = f"{self.listings(self.options.rows)}.csv", self.work / "one.csv"
        with open(source, newline="") as file, open(target, "w", newline="") as out:
            rows = csv.reader(file)
            csv.writer(out).writerows([next(rows), next(rows)])
        runs = [run(self.ours(target, "csv")) for _ in range(self.n * ONE_ROW_RUNS)]
        row("one row from the shell, wall", "s", [own.wall for own in runs], [], [])
        row("one row from the shell, CPU", "s", [own.cpu for own in runs], [], [])

    def train(self):
        for rows in self.options.train_rows:
            source = f"{self.listings(rows, seed=8)}.csv"
            ours = [self.options.pinchbeck, "train", source, "--always-words", "--output",
                    self.work / "trained.json"]
            text = self.script(self.options.text_peer, "train", source, self.work / "trained.joblib")
            pairs = in_turns(ours, text, self.n)
            compare(f"train on {rows:,} rows, CPU: text peer / ours", "cpu", pairs)
            compare(f"train on {rows:,} rows, peak memory: text peer / ours", "peak", pairs)

    def memory(self):
        small, large = (str(self.listings(rows)) for rows in self.options.memory_rows)
        for ending in ("csv", "parquet"):
            runs = [run(self.ours(f"{own}.{ending}", ending)).peak for own in (small, large)]
            sizes = " / ".join(f"{rows:,}" for rows in reversed(self.options.memory_rows))
            work = f"{ending}, peak memory of {sizes} rows"
            row(work, "MB", [runs[1]], [runs[0]], [runs[1] / runs[0]])


def machine():
    """The processor and how many of it, and the load of the last minute."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(": ", 1)[1] for line in info.read_text().splitlines()
                 if line.startswith("model name")]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def arguments():
    numbers = lambda text: [int(own) for own in text.split(",")]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pinchbeck", required=True, help="the program")
    parser.add_argument("--work", required=True, help="folder of files; what is there is used again")
    parser.add_argument("--rows", type=int, default=1_000_000, help="listings to score")
    parser.add_argument("--model-rows", type=int, default=100_000, help="listings that models learn from")
    parser.add_argument("--train-rows", type=numbers, default=[100_000, 1_000_000])
    parser.add_argument("--memory-rows", type=numbers, default=[500_000, 5_000_000])
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--only", type=lambda text: text.split(","), default=PARTS)
    parser.add_argument("--gen", default=HERE / "listings.py", help="ROWS PREFIX SEED")
    parser.add_argument("--text-peer", default=HERE / "text_peer.py",
                        help="train LABELED MODEL, score MODEL IN OUT")
    parser.add_argument("--numbers-peer", default=HERE / "numbers_peer.py", help="LABELED MODEL")
    parser.add_argument("--polars-peer", default=HERE / "polars_peer.py", help="MODEL IN OUT")
    parser.add_argument("--copy-peer", default=HERE / "copy_peer.py", help="IN OUT")
    return parser.parse_args()


def main():
    options = arguments()
    unknown = set(options.only) - set(PARTS)
    if unknown:
        sys.exit(f"--only takes {', '.join(PARTS)}, not {', '.join(sorted(unknown))}")
    bench = Bench(options)
    print(f"{machine()}; {options.rows:,} listings, medians of {options.repetitions} pairs.\n")
    print("| Work | ours | other | ratio |\n| --- | --- | --- | --- |")
    for part in options.only:
        getattr(bench, part)()
    print(f"\n{machine()} at the end.")


if __name__ == "__main__":
    main()
