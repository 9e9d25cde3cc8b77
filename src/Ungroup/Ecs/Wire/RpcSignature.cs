using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Ecs.Wire;

/// <summary>
/// The older RPC signature, HMAC-SHA1: https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism. ECS takes both; STS's
/// AssumeRole is signed so by every official client.
/// </summary>
internal static class RpcSignature
{
    /// <param name="method">The HTTP method, which is part of what is signed.</param>
    /// <param name="parameters">Every parameter of query and form, except <c>Signature</c>.</param>
    /// <param name="accessKeySecret">The secret of the key that <c>AccessKeyId</c> names.</param>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol names the algorithm.")]
    public static string Of(string method, IEnumerable<KeyValuePair<string, string>> parameters, string accessKeySecret) =>
        Convert.ToBase64String(HMACSHA1.HashData(
            Encoding.UTF8.GetBytes($"{accessKeySecret}&"),
            Encoding.UTF8.GetBytes($"{method}&%2F&{Uri.EscapeDataString(CanonicalQuery.Of(parameters))}")));
}
