"""Which mechanisms move what is documented, and which of them other sizes can stand in for."""
