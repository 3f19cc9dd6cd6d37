// Command kube-network-policies reads cases from stdin, a JSON list, and answers for each of them
// which of its packets the engine of sigs.k8s.io/kube-network-policies lets leave: a list of lists of
// booleans.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/network"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	cnpengine "sigs.k8s.io/kube-network-policies/plugins/npa-v1alpha2"
	"sigs.k8s.io/network-policy-api/apis/v1alpha2"
	cnpfake "sigs.k8s.io/network-policy-api/pkg/client/clientset/versioned/fake"
	cnpinformers "sigs.k8s.io/network-policy-api/pkg/client/informers/externalversions"
)

type testCase struct {
	Pods                   []pod                           `json:"pods"`
	NetworkPolicies        []networkingv1.NetworkPolicy    `json:"networkPolicies"`
	ClusterNetworkPolicies []v1alpha2.ClusterNetworkPolicy `json:"clusterNetworkPolicies"`
	Packets                []packet                        `json:"packets"`
}

type pod struct {
	Name            string            `json:"name"`
	Namespace       string            `json:"namespace"`
	IP              string            `json:"ip"`
	Labels          map[string]string `json:"labels"`
	NamespaceLabels map[string]string `json:"namespaceLabels"`
}

type packet struct {
	From     string          `json:"from"`
	To       string          `json:"to"`
	Protocol corev1.Protocol `json:"protocol"`
	Port     int             `json:"port"`
}

// podsByIP is the engine's source of pods.
type podsByIP map[string]*api.PodInfo

func (p podsByIP) GetPodInfoByIP(ip string) (*api.PodInfo, bool) {
	info, found := p[ip]
	return info, found
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var cases []testCase
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&cases); err != nil {
		return fmt.Errorf("stdin: %w", err)
	}
	verdicts := make([][]bool, 0, len(cases))
	for index, one := range cases {
		allowed, err := judge(one)
		if err != nil {
			return fmt.Errorf("case %d: %w", index, err)
		}
		verdicts = append(verdicts, allowed)
	}
	return json.NewEncoder(os.Stdout).Encode(verdicts)
}

func judge(one testCase) ([]bool, error) {
	pods := podsByIP{}
	for _, each := range one.Pods {
		pods[each.IP] = &api.PodInfo{
			Name:      each.Name,
			Labels:    each.Labels,
			Namespace: &api.Namespace{Name: each.Namespace, Labels: each.NamespaceLabels},
			Node:      &api.Node{Name: "node"},
		}
	}
	core := informers.NewSharedInformerFactory(fake.NewSimpleClientset(), 0)
	policies := cnpinformers.NewSharedInformerFactory(cnpfake.NewSimpleClientset(), 0)
	cluster := policies.Policy().V1alpha2().ClusterNetworkPolicies()
	for index := range one.ClusterNetworkPolicies {
		if err := cluster.Informer().GetStore().Add(&one.ClusterNetworkPolicies[index]); err != nil {
			return nil, err
		}
	}
	namespaced := core.Networking().V1().NetworkPolicies()
	for index := range one.NetworkPolicies {
		if err := namespaced.Informer().GetStore().Add(&one.NetworkPolicies[index]); err != nil {
			return nil, err
		}
	}
	nodes := core.Core().V1().Nodes().Lister()
	engine := networkpolicy.NewPolicyEngine(pods, []api.PolicyEvaluator{
		cnpengine.NewClusterNetworkPolicy(v1alpha2.AdminTier, cluster, nil, nodes),
		networkpolicy.NewStandardNetworkPolicy("node", core.Core().V1().Namespaces(), core.Core().V1().Pods(), namespaced),
		cnpengine.NewClusterNetworkPolicy(v1alpha2.BaselineTier, cluster, nil, nodes),
	})
	allowed := make([]bool, 0, len(one.Packets))
	for _, each := range one.Packets {
		verdict, err := engine.EvaluatePacket(context.Background(), packetOf(each))
		if err != nil {
			return nil, err
		}
		allowed = append(allowed, verdict)
	}
	return allowed, nil
}

func packetOf(each packet) *network.Packet {
	family := corev1.IPv4Protocol
	if net.ParseIP(each.To).To4() == nil {
		family = corev1.IPv6Protocol
	}
	return &network.Packet{
		Family: family, SrcIP: net.ParseIP(each.From), DstIP: net.ParseIP(each.To),
		Proto: each.Protocol, SrcPort: 40000, DstPort: each.Port,
	}
}
