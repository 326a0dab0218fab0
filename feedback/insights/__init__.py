"""Numbers about ratings: rates, intervals, agreement and the daily rollup."""
