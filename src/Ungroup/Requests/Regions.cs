using System.Collections.Frozen;

namespace Ungroup.Requests;

/// <summary>
/// The regions of ECS: https://alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-endpoint. A mistyped name
/// becomes part of a host name. Newer ones are set per account (Accounts:&lt;name&gt;:Regions).
/// </summary>
internal static class Regions
{
    private const int LongestCompared = 64;

    public static IReadOnlyList<string> BuiltIn { get; } =
    [
        "ap-northeast-1", "ap-northeast-2", "ap-northeast-2-pop", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
        "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ap-southeast-8", "cn-beijing", "cn-beijing-finance-1", "cn-beijing-finance-pop",
        "cn-beijing-gov-1", "cn-chengdu", "cn-edge-1", "cn-fujian", "cn-fuzhou", "cn-guangzhou", "cn-hangzhou", "cn-hangzhou-finance",
        "cn-heyuan", "cn-heyuan-acdr-1", "cn-hongkong", "cn-hongkong-finance-pop", "cn-huhehaote", "cn-huhehaote-nebula-1", "cn-nanjing",
        "cn-north-2-gov-1", "cn-qingdao", "cn-shanghai", "cn-shanghai-finance-1", "cn-shanghai-inner", "cn-shenzhen",
        "cn-shenzhen-finance-1", "cn-shenzhen-inner", "cn-wuhan", "cn-wuhan-lr", "cn-wulanchabu", "cn-yushanfang", "cn-zhangbei",
        "cn-zhangjiakou", "cn-zhangjiakou-na62-a01", "cn-zhengzhou-jva", "cn-zhengzhou-nebula-1", "cn-zhongwei", "eu-central-1", "eu-west-1",
        "eu-west-1-oxs", "me-central-1", "me-east-1", "na-south-1", "rus-west-1-pop", "us-east-1", "us-southeast-1", "us-west-1",
    ];

    private static readonly FrozenSet<string> Known = BuiltIn.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsBuiltIn(string region) => Known.Contains(region);

    /// <summary>The longest name that is part of the text, as of a zone or a host, or else the one with the fewest letters to change.</summary>
    public static string Nearest(string text, IEnumerable<string> others)
    {
        var written = (text.Length > LongestCompared ? text[..LongestCompared] : text).Trim().ToLowerInvariant();
        return BuiltIn.Concat(others)
            .OrderByDescending(region => written.Contains(region, StringComparison.Ordinal) ? region.Length : 0)
            .ThenBy(region => Distance(written, region))
            .ThenBy(region => region, StringComparer.Ordinal)
            .First();
    }

    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (diagonal, above) = (row[0], 0);
            row[0] = i;
            for (var j = 1; j <= other.Length; j++, diagonal = above)
            {
                above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
            }
        }

        return row[^1];
    }
}
