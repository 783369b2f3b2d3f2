"""Judges a chain of root files as a TUF client does, with python-tuf."""

import json

from tuf.api.metadata import Metadata


def verify(files):
    """Versions and signers of the chain. Raises if a root is not signed by itself and by the one before it."""
    verdicts = []
    previous = None
    for file in files:
        root = Metadata.from_bytes(file.encode())
        if root.to_dict() != json.loads(file):
            raise ValueError("python-tuf does not give the file back as it was")
        root.verify_delegate("root", root)
        if previous is not None:
            previous.verify_delegate("root", root)
        result = root.signed.get_root_verification_result(
            previous.signed if previous else None, root.signed_bytes, root.signatures
        )
        verdicts.append(
            {
                "version": root.signed.version,
                "verified": result.verified,
                "signed": sorted(result.signed),
                "signatures": len(root.signatures),
            }
        )
        previous = root
    return {"roots": verdicts}
