// The life of a private SageMaker API by the AWS SDK for Go v2, with its waiters and paginators.
// Prints what AWS said at each step as JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
)

const patience = time.Minute

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func codeOf(err error) string {
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode()
	}
	return ""
}

func main() {
	ctx := context.Background()
	client := ec2.NewFromConfig(must(config.LoadDefaultConfig(ctx)))
	steps := map[string]any{}

	made := must(client.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.8.0.0/16")}))
	vpc := []string{*made.Vpc.VpcId}
	check(ec2.NewVpcExistsWaiter(client).Wait(ctx, &ec2.DescribeVpcsInput{VpcIds: vpc}, patience))
	check(ec2.NewVpcAvailableWaiter(client).Wait(ctx, &ec2.DescribeVpcsInput{VpcIds: vpc}, patience))
	subnet := must(client.CreateSubnet(ctx, &ec2.CreateSubnetInput{
		VpcId: &vpc[0], CidrBlock: aws.String("10.8.1.0/24"),
	})).Subnet
	check(ec2.NewSubnetAvailableWaiter(client).Wait(ctx,
		&ec2.DescribeSubnetsInput{SubnetIds: []string{*subnet.SubnetId}}, patience))
	group := must(client.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String("go"), Description: aws.String("of Go"), VpcId: &vpc[0],
	})).GroupId
	check(ec2.NewSecurityGroupExistsWaiter(client).Wait(ctx,
		&ec2.DescribeSecurityGroupsInput{GroupIds: []string{*group}}, patience))

	endpoint := must(client.CreateVpcEndpoint(ctx, &ec2.CreateVpcEndpointInput{
		VpcId: &vpc[0], ServiceName: aws.String("com.amazonaws.us-east-1.sagemaker.api"),
		VpcEndpointType: types.VpcEndpointTypeInterface, SubnetIds: []string{*subnet.SubnetId},
		SecurityGroupIds: []string{*group}, PrivateDnsEnabled: aws.Bool(false),
	})).VpcEndpoint
	interfaces := must(client.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{
		NetworkInterfaceIds: endpoint.NetworkInterfaceIds,
	})).NetworkInterfaces
	steps["interfaceType"] = interfaces[0].InterfaceType
	steps["attachment"] = *interfaces[0].Attachment.InstanceOwnerId

	for _, cidr := range []string{"10.8.2.0/24", "10.8.3.0/24", "10.8.4.0/24"} {
		must(client.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: &vpc[0], CidrBlock: &cidr}))
	}
	pages := ec2.NewDescribeSubnetsPaginator(client,
		&ec2.DescribeSubnetsInput{MaxResults: aws.Int32(5)})
	sizes := []int{}
	for pages.HasMorePages() {
		sizes = append(sizes, len(must(pages.NextPage(ctx)).Subnets))
	}
	steps["pages"] = sizes

	_, err := client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: vpc, MaxResults: aws.Int32(5)})
	steps["idsInPages"] = codeOf(err)
	_, err = client.DescribeInstances(ctx, &ec2.DescribeInstancesInput{})
	steps["unsupported"] = codeOf(err)

	must(client.DeleteVpcEndpoints(ctx, &ec2.DeleteVpcEndpointsInput{
		VpcEndpointIds: []string{*endpoint.VpcEndpointId},
	}))
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		_, err = client.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: group})
		if codeOf(err) != "DependencyViolation" || time.Now().After(deadline) {
			break
		}
	}
	check(err)
	_, err = client.DescribeSecurityGroups(ctx,
		&ec2.DescribeSecurityGroupsInput{GroupIds: []string{*group}})
	steps["goneGroup"] = codeOf(err)
	check(json.NewEncoder(os.Stdout).Encode(steps))
}
