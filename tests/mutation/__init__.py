"""Changes each promise and each rule of law, one value at a time, and asks whether any test notices."""
