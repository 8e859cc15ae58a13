"""The same questions asked of the same hosts by others: ansible-core and pyinfra, from an environment of their own."""
