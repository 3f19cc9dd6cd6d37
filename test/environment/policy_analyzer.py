"""Judges packets by NetworkPolicies and Calico's policies with network-config-analyzer.

Reads cases from stdin, a JSON list, and answers for each which of its packets are let through: a list
of lists of booleans.
"""

import contextlib
import json
import os
import sys
import tempfile

import yaml
from nca.CoreDS.ConnectivityProperties import ConnectivityProperties
from nca.CoreDS.Peer import IpBlock, PeerSet
from nca.CoreDS.PortSet import PortSet
from nca.CoreDS.ProtocolSet import ProtocolSet
from nca.NetworkConfig.ResourcesHandler import ResourcesHandler


def namespace_of(pod):
    metadata = {"name": pod["namespace"], "labels": pod["namespaceLabels"]}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def pod_of(pod):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": pod["name"], "namespace": pod["namespace"], "labels": pod["labels"]},
        "spec": {"containers": [{"name": "main", "image": "none"}]},
        "status": {"podIP": pod["ip"], "hostIP": "192.0.2.1"},
    }


def connections(case, folder):
    files = {
        "namespaces": {pod["namespace"]: namespace_of(pod) for pod in case["pods"]}.values(),
        "pods": [pod_of(pod) for pod in case["pods"]],
        "policies": case["policies"],
    }
    paths = {}
    for name, objects in files.items():
        paths[name] = [os.path.join(folder, name + ".yaml")]
        with open(paths[name][0], "w", encoding="utf8") as file:
            yaml.safe_dump_all(list(objects), file)
    config = ResourcesHandler().get_network_config(
        paths["policies"], paths["namespaces"], paths["pods"], None, "case"
    )
    return config, config.allowed_connections().all_allowed_conns


def judge(case):
    with tempfile.TemporaryDirectory() as folder:
        config, allowed = connections(case, folder)
    by_name = {str(peer): peer for peer in config.peer_container.get_all_peers_group()}
    peers = {pod["ip"]: by_name[f"{pod['namespace']}/{pod['name']}"] for pod in case["pods"]}

    def passes(packet):
        port = PortSet()
        port.add_port(packet["port"])
        to = packet["to"]
        block = IpBlock(f"{to}/{128 if ':' in to else 32}")
        one = ConnectivityProperties.make_conn_props_from_dict(
            {
                "src_peers": PeerSet({peers[packet["from"]]}),
                "dst_peers": PeerSet({peers[to]}) if to in peers else block.get_peer_set(),
                "protocols": ProtocolSet.get_protocol_set_with_single_protocol(packet["protocol"]),
                "dst_ports": port,
            }
        )
        return bool(one & allowed)

    return [passes(packet) for packet in case["packets"]]


def main():
    cases = json.load(sys.stdin)
    # The analyzer tells what it finds on stdout.
    with contextlib.redirect_stdout(sys.stderr):
        verdicts = [judge(case) for case in cases]
    json.dump(verdicts, sys.stdout)


main()
