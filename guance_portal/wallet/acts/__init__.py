"""What moves money in the wallet. Each act runs in the unit of work of a service that has authorised it and writes the audit.

An act that comes again with the same reference and content gets its first answer and moves nothing.
"""
