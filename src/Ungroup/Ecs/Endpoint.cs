using System.Collections.Frozen;

namespace Ungroup.Ecs;

/// <summary>
/// The host of a region: https://alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-endpoint, with the exceptions
/// that the official client maps (package @alicloud/ecs20140526 7.11.6).
/// </summary>
internal static class Endpoint
{
    private const string Hangzhou = "ecs-cn-hangzhou.aliyuncs.com";
    private const string Central = "ecs.aliyuncs.com";
    private const string Nebula = "ecs.cn-qingdao-nebula.aliyuncs.com";

    private static readonly FrozenDictionary<string, string> Mapped = new Dictionary<string, string>
    {
        ["cn-hangzhou"] = Hangzhou,
        ["cn-shanghai-finance-1"] = Hangzhou,
        ["cn-shenzhen-finance-1"] = Hangzhou,
        ["cn-fujian"] = Hangzhou,
        ["cn-north-2-gov-1"] = Central,
        ["cn-beijing-gov-1"] = Central,
        ["cn-hangzhou-finance"] = Central,
        ["cn-beijing-finance-pop"] = Central,
        ["cn-hongkong-finance-pop"] = Central,
        ["ap-northeast-2-pop"] = Central,
        ["rus-west-1-pop"] = Central,
        ["cn-wuhan"] = Central,
        ["cn-zhangbei"] = Central,
        ["cn-shanghai-inner"] = Central,
        ["cn-shenzhen-inner"] = Central,
        ["cn-yushanfang"] = Central,
        ["cn-edge-1"] = Nebula,
        ["cn-huhehaote-nebula-1"] = Nebula,
        ["cn-zhengzhou-nebula-1"] = Nebula,
        ["eu-west-1-oxs"] = "ecs.cn-shenzhen-cloudstone.aliyuncs.com",
        ["cn-zhangjiakou-na62-a01"] = "ecs.cn-zhangjiakou.aliyuncs.com",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Mapped, and yet with a host of their own inside the VPC, which the official client never chooses.
    private static readonly FrozenSet<string> MappedWithVpc =
        new[] { "cn-hangzhou", "cn-shanghai-finance-1", "cn-shenzhen-finance-1", "cn-north-2-gov-1" }.ToFrozenSet(StringComparer.Ordinal);

    public static IEnumerable<string> MappedRegions => Mapped.Keys;

    public static string HostOf(string regionId, EcsNetwork network) => network switch
    {
        EcsNetwork.Vpc when !Mapped.ContainsKey(regionId) || MappedWithVpc.Contains(regionId) => $"ecs-vpc.{regionId}.aliyuncs.com",
        _ => Mapped.GetValueOrDefault(regionId) ?? $"ecs.{regionId}.aliyuncs.com",
    };

    public static string UrlOf(string regionId, string? given, EcsNetwork network) => given ?? $"https://{HostOf(regionId, network)}";

    /// <summary>The host with any unusual port, as it is signed and as .NET sends it.</summary>
    public static string AuthorityOf(string url) => url[(url.IndexOf("://", StringComparison.Ordinal) + "://".Length)..];

    public static string? Parse(string given)
    {
        var text = given.Contains("://", StringComparison.Ordinal) ? given : $"https://{given}";
        return Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            && url is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? url.GetLeftPart(UriPartial.Authority)
            : null;
    }
}
