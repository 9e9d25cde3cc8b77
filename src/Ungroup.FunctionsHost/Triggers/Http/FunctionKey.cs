using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ungroup.FunctionsHost.Triggers.Http;

/// <summary>The one key of this host, good for every function.</summary>
internal sealed class FunctionKey(string? given)
{
    private const string Header = "x-functions-key";
    private const string Query = "code";

    public string Value { get; } = given ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public bool Opens(Trigger.Http trigger, HttpRequest request) =>
        "anonymous".Equals(trigger.Text("authLevel"), StringComparison.OrdinalIgnoreCase)
        || IsIt(request.Headers[Header])
        || IsIt(request.Query[Query]);

    private bool IsIt(string? candidate) =>
        candidate is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(candidate), Encoding.UTF8.GetBytes(Value));
}
