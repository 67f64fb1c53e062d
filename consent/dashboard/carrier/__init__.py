"""The desk of a telephone carrier: what is due, the registers, the notice to everybody, and the year's certificate."""
