"""Rehearsals in which everything breaks: the server, its disk, its clock, the network, the phones."""
