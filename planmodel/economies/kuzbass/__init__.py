"""The Autonomous Industrial Colony in the Kuzbass 1922-26, and what came after."""
