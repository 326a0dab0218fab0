"""Load test with faults and killed servers, which counts lost and damaged answers."""
