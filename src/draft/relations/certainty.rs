//! How far a relation can be trusted.
