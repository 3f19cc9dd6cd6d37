"""Asks SageMaker as any program does that was told nothing in its code: prints what it heard."""

import json
import sys

import boto3
from botocore.config import Config

QUICKLY = Config(retries={"total_max_attempts": 1}, connect_timeout=5)

listed = boto3.client("sagemaker", config=QUICKLY).list_notebook_instances()
invoked = boto3.client("sagemaker-runtime", config=QUICKLY).invoke_endpoint(
    EndpointName="churn", Body=b"1,2", ContentType="text/csv"
)
notebooks = [one["NotebookInstanceName"] for one in listed["NotebookInstances"]]
json.dump({"notebooks": notebooks, "prediction": invoked["Body"].read().decode()}, sys.stdout)
