"""How ``models/`` was made and measured. Needs the extra ``train``, all but :mod:`evaluate`."""
