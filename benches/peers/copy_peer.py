"""A plain copy by polars' streaming engine, the floor of what reading and writing cost: copy_peer.py IN OUT"""

import sys

from polars_peer import scan, sink

if __name__ == "__main__":
    sink(scan(sys.argv[1]), sys.argv[2])
