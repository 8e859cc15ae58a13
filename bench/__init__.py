"""How fast secaudit is: ratios taken in one run, so that they carry over to other machines."""
