"""Does every answer survive? A storm of people, faults and dying servers, and the count after it."""
