using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Ecs.Wire;

/// <summary>The older RPC signature, by which official clients sign AssumeRole: https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism.</summary>
internal static class RpcSignature
{
    [SuppressMessage("Security", "CA5350", Justification = "The protocol names the algorithm.")]
    public static string Of(string method, IEnumerable<KeyValuePair<string, string>> parameters, string accessKeySecret) =>
        Convert.ToBase64String(HMACSHA1.HashData(
            Encoding.UTF8.GetBytes($"{accessKeySecret}&"),
            Encoding.UTF8.GetBytes($"{method}&%2F&{Uri.EscapeDataString(CanonicalQuery.Of(parameters))}")));
}
