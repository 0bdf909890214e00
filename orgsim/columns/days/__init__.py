"""The state of any day: kept now and then, corrected for what was known otherwise, and looked at as arrays."""
