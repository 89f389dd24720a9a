"""Magnitogorsk 1929-35: who came to the site, who stayed, what they learned, and a dam built twice."""
