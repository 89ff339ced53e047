"""The daily health log: what people say each day, who must look, and who has fallen silent."""
