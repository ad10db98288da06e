"""Names and types of the columns that several result tables share; other columns stand in the module that writes their table."""

import pyarrow as pa

TEXT, SHORT, LONG, REAL, FLAG = pa.string(), pa.int32(), pa.int64(), pa.float64(), pa.bool_()
RUN = {"subset": TEXT, "n": LONG, "denoiser": TEXT, "family": TEXT, "kind": TEXT, "seed": LONG}  # the first fields of layout.Run
MEASURE = {"measure": TEXT, "space": TEXT, "value": REAL, "low": REAL, "high": REAL, "count": LONG}
NEIGHBOUR = {"space": TEXT, "rank": SHORT, "neighbour": TEXT, "mirrored": FLAG, "distance": REAL}
