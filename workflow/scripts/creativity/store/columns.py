"""The columns that several tables share, by name and type. Those of one table alone stand with what makes it."""

import pyarrow as pa

TEXT, SHORT, LONG, REAL, FLAG = pa.string(), pa.int32(), pa.int64(), pa.float64(), pa.bool_()
RUN = {"subset": TEXT, "n": LONG, "denoiser": TEXT, "family": TEXT, "kind": TEXT, "seed": LONG}  # as the first fields of layout.Run
MEASURE = {"measure": TEXT, "space": TEXT, "value": REAL, "low": REAL, "high": REAL, "count": LONG}
NEIGHBOUR = {"space": TEXT, "rank": SHORT, "neighbour": TEXT, "mirrored": FLAG, "distance": REAL}
