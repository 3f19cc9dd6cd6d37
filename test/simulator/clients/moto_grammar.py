"""moto's verdict on policy documents: a list of documents on stdin, a list of messages on stdout.

moto's authors took the words and the order of the checks from IAM. None: it accepts the document.
"""

import json
import sys

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator


def verdict(text):
    try:
        IAMPolicyDocumentValidator(text).validate()
    except MalformedPolicyDocument as error:
        return error.message
    return None


print(json.dumps([verdict(text) for text in json.load(sys.stdin)]))
