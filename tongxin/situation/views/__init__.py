"""Pages of the situation: public ones here, the officer's desk in the ``desk_`` modules."""
