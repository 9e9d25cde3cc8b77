using System.Text;
using CsCheck;

namespace Ungroup.Tests.Requests;

/// <summary>Bodies that are no requests and carry a secret somewhere, at any distance from the ends that are cut.</summary>
internal static class PlantedSecrets
{
    private static readonly Gen<string> Opaque = Gen.String[Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"], 40, 90];
    private static readonly Gen<string> Word = Gen.String[Gen.Char["ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!#$%*-_.~^"], 12, 40];
    private static readonly Gen<string> Short = Gen.String[Gen.Char.AlphaNumeric, 16, 24];

    // These show by themselves that they are secrets.
    private static readonly Gen<string> Telling = Gen.OneOf(
        Short.Select(text => $"LTAI{text}"),
        Opaque.Select(text => $"STS.{text}"),
        Gen.String[Gen.Char.AlphaNumeric, 30, 30],
        Opaque,
        Gen.Select(Opaque, Opaque, Opaque).Select(parts => $"eyJ{parts.Item1}.eyJ{parts.Item2}.{parts.Item3}"),
        Opaque.Select(text => $"-----BEGIN RSA PRIVATE KEY-----\\n{text}\\n{text}\\n-----END RSA PRIVATE KEY-----"));

    // Only their surroundings give these away.
    private const string Surroundings = """
        "password":"SECRET"
        "accessKeySecret" : "SECRET"
        "x":"{\"client_secret\":\"SECRET\"}"
        "api_k\u0065y":"SECRET"
        "tokens":["SECRET"]
        "credential":{"a":"SECRET"}
        "env":[{"name":"PWD","value":"SECRET"}]
        "text":"password=SECRET"
        "h":"Authorization: Basic SECRET"
        "u":"amqps://root:SECRET@host/"
        "s":"SharedAccessSignature sr=x&sig=SECRET"
        "x":"<secret>SECRET</secret>"
        "c":"Endpoint=sb://x/;SharedAccessKeyName=a;SharedAccessKey=SECRET"
        "ConnectionString":"a SECRET"
        """;

    private const string Anywhere = """
        "regionId":"SECRET"
        "reason":["SECRET"]
        "SECRET":1
        "account":"SECRET"
        "origin":"x SECRET"
        SECRET
        """;

    private static readonly Gen<(string Carrier, string Secret)> Any = Gen.Frequency(
        (2, Gen.Select(OneLineOf(Surroundings), Word)),
        (1, Gen.Select(OneLineOf(Anywhere), Telling)));

    public static Gen<(byte[] Body, string Secret)> All { get; } = Gen.Select(
        Any,
        Gen.OneOf(Gen.Int[0, 80], Gen.Int[380, 520], Gen.Int[3_900, 4_100], Gen.Const(70_000)),
        Gen.Bool,
        (planted, before, closed) => (Body(planted, before, closed), planted.Secret));

    private static Gen<string> OneLineOf(string lines)
    {
        var all = lines.Split('\n');
        return Gen.Int[0, all.Length - 1].Select(at => all[at]);
    }

    private static byte[] Body((string Carrier, string Secret) planted, int before, bool closed)
    {
        var filler = string.Concat(Enumerable.Repeat("word ", (before / 5) + 1))[..before];
        var member = planted.Carrier.Replace("SECRET", planted.Secret, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes($"{{\"instanceId\":\"i-1\",\"comment\":\"{filler}\",{member}{(closed ? "}" : "")}");
    }
}
