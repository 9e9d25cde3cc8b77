using Ungroup.Ecs;

namespace Ungroup.Tests.Ecs;

public sealed class EndpointTests
{
    [Fact]
    public void Every_region_with_a_host_of_its_own_is_one_that_requests_may_name() =>
        Assert.All(Endpoint.MappedRegions, region => Assert.True(Ungroup.Requests.Regions.IsBuiltIn(region), region));

    [Theory]
    [InlineData("cn-hangzhou", "ecs-cn-hangzhou.aliyuncs.com")]
    [InlineData("cn-shanghai-finance-1", "ecs-cn-hangzhou.aliyuncs.com")]
    [InlineData("cn-shenzhen-finance-1", "ecs-cn-hangzhou.aliyuncs.com")]
    [InlineData("cn-fujian", "ecs-cn-hangzhou.aliyuncs.com")]
    [InlineData("cn-north-2-gov-1", "ecs.aliyuncs.com")]
    [InlineData("cn-beijing-gov-1", "ecs.aliyuncs.com")]
    [InlineData("cn-hangzhou-finance", "ecs.aliyuncs.com")]
    [InlineData("cn-beijing-finance-pop", "ecs.aliyuncs.com")]
    [InlineData("cn-hongkong-finance-pop", "ecs.aliyuncs.com")]
    [InlineData("ap-northeast-2-pop", "ecs.aliyuncs.com")]
    [InlineData("rus-west-1-pop", "ecs.aliyuncs.com")]
    [InlineData("cn-wuhan", "ecs.aliyuncs.com")]
    [InlineData("cn-zhangbei", "ecs.aliyuncs.com")]
    [InlineData("cn-shanghai-inner", "ecs.aliyuncs.com")]
    [InlineData("cn-shenzhen-inner", "ecs.aliyuncs.com")]
    [InlineData("cn-yushanfang", "ecs.aliyuncs.com")]
    [InlineData("cn-edge-1", "ecs.cn-qingdao-nebula.aliyuncs.com")]
    [InlineData("cn-huhehaote-nebula-1", "ecs.cn-qingdao-nebula.aliyuncs.com")]
    [InlineData("cn-zhengzhou-nebula-1", "ecs.cn-qingdao-nebula.aliyuncs.com")]
    [InlineData("eu-west-1-oxs", "ecs.cn-shenzhen-cloudstone.aliyuncs.com")]
    [InlineData("cn-zhangjiakou-na62-a01", "ecs.cn-zhangjiakou.aliyuncs.com")]
    [InlineData("cn-beijing", "ecs.cn-beijing.aliyuncs.com")]
    [InlineData("eu-central-1", "ecs.eu-central-1.aliyuncs.com")]
    [InlineData("us-east-1", "ecs.us-east-1.aliyuncs.com")]
    [InlineData("a-region-of-tomorrow", "ecs.a-region-of-tomorrow.aliyuncs.com")]
    public void The_public_host_of_a_region_is_the_one_the_official_client_chooses(string region, string host) =>
        Assert.Equal(host, Endpoint.HostOf(region, EcsNetwork.Public));

    [Theory]
    [InlineData("cn-beijing", "ecs-vpc.cn-beijing.aliyuncs.com")]
    [InlineData("cn-hangzhou", "ecs-vpc.cn-hangzhou.aliyuncs.com")]
    [InlineData("cn-north-2-gov-1", "ecs-vpc.cn-north-2-gov-1.aliyuncs.com")]
    [InlineData("cn-edge-1", "ecs.cn-qingdao-nebula.aliyuncs.com")]
    public void Inside_a_VPC_the_internal_host_is_called_wherever_there_is_one(string region, string host) =>
        Assert.Equal(host, Endpoint.HostOf(region, EcsNetwork.Vpc));

    [Fact]
    public void The_region_decides_unless_somebody_says_otherwise_and_the_account_says_it_last()
    {
        Assert.Equal("https://ecs.cn-beijing.aliyuncs.com", Url(null, null));
        Assert.Equal("https://global.example", Url(null, "global.example"));
        Assert.Equal("https://own.example:8443", Url("own.example:8443", "global.example"));
    }

    [Fact]
    public void Plain_HTTP_is_only_spoken_where_a_URL_asks_for_it() =>
        Assert.Equal("http://127.0.0.1:5005", Url("http://127.0.0.1:5005/", null));

    [Theory]
    [InlineData("ecs.example/path")]
    [InlineData("ftp://ecs.example")]
    [InlineData("https://user:secret@ecs.example")]
    [InlineData("https://ecs.example/?a=b")]
    [InlineData("not a host")]
    [InlineData("")]
    public void Anything_but_a_host_or_a_bare_URL_is_no_endpoint(string given) => Assert.Null(Endpoint.Parse(given));

    private static string Url(string? ofAccount, string? global)
    {
        var bench = new EcsBench { Options = { Endpoint = global } };
        bench.Accounts.Accounts["default"] = new() { Endpoint = ofAccount };
        bench.Ecs.OnLeave(Replies.Ok);
        bench.End();
        return bench.Ecs.Calls[0].Url.GetLeftPart(UriPartial.Authority);
    }
}
