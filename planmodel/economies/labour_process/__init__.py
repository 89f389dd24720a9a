"""The labour process of industry 1928-32: shock work, communes, one-man management, norms."""
