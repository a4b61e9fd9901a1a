"""The portal through which companies sign up, see their bills and choose who pays."""
