namespace Ungroup.Sandbox.Ecs.Wire;

/// <summary>Decoded parameters of a query or a form, in the order they came.</summary>
internal sealed class Parameters(IReadOnlyList<KeyValuePair<string, string>> all)
{
    public static readonly Parameters None = new([]);

    public IReadOnlyList<KeyValuePair<string, string>> All { get; } = all;

    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in All)
            {
                if (key == name)
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>A value that is there and not empty.</summary>
    public string? Given(string name) => this[name] is { Length: > 0 } value ? value : null;

    /// <summary>
    /// A repeat list, `Name.1`, `Name.2`, …, by number.
    /// https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism [V2RPC]
    /// </summary>
    public IReadOnlyList<string> Numbered(string name) =>
    [
        .. All
            .Select(parameter => (Number: NumberAfter(name, parameter.Key), parameter.Value))
            .Where(item => item.Number > 0)
            .OrderBy(item => item.Number)
            .Select(item => item.Value),
    ];

    public Parameters With(Parameters more) => more.All.Count == 0 ? this : All.Count == 0 ? more : new([.. All, .. more.All]);

    public static Parameters Parse(ReadOnlySpan<char> encoded)
    {
        if (encoded.IsEmpty)
        {
            return None;
        }

        var all = new List<KeyValuePair<string, string>>();
        foreach (var range in encoded.Split('&'))
        {
            var pair = encoded[range];
            if (!pair.IsEmpty)
            {
                var equals = pair.IndexOf('=');
                all.Add(equals < 0 ? new(Decode(pair), "") : new(Decode(pair[..equals]), Decode(pair[(equals + 1)..])));
            }
        }

        return new Parameters(all);
    }

    private static int NumberAfter(string name, string key) =>
        key.Length > name.Length + 1
        && key.StartsWith(name, StringComparison.Ordinal)
        && key[name.Length] == '.'
        && int.TryParse(key.AsSpan(name.Length + 1), out var number) ? number : 0;

    private static string Decode(ReadOnlySpan<char> text) =>
        text.ContainsAny('%', '+') ? Uri.UnescapeDataString(text.ToString().Replace('+', ' ')) : text.ToString();
}
