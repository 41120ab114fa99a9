"""UBND thị xã Phước Long as it was in 2021."""
