"""Asks services that are not simulated: prints the code and message that boto3 reads of each."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

CALLS = [
    ("sagemaker-geospatial", "list_earth_observation_jobs", {}),
    ("lambda", "list_functions", {}),
    ("resourcegroupstaggingapi", "get_resources", {}),
    ("s3", "list_buckets", {}),
    ("route53", "list_hosted_zones", {}),
    ("cloudformation", "list_stacks", {}),
    ("service-quotas", "list_services", {}),
    ("cloudwatch", "list_metrics", {}),
    ("eks", "list_clusters", {}),
    ("sqs", "list_queues", {}),
]


def answer(service, call, parameters):
    try:
        getattr(boto3.client(service), call)(**parameters)
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["Error"]["Message"]]
    return None


json.dump({service: answer(service, call, given) for service, call, given in CALLS}, sys.stdout)
