using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>Reads one object member by member; <see cref="Done"/> refuses what nobody asked for, so that a typo is never silent.</summary>
internal sealed class ObjectAt
{
    private readonly JsonAt _node;
    private readonly string _file;
    private readonly List<string> _asked = [];

    public ObjectAt(JsonAt node, string what, string file)
    {
        (_node, _file, What) = (node, file, what);
        if (_node.Kind != JsonValueKind.Object)
        {
            throw Refuse($"{what} was {Shown(_node)}; expected an object.");
        }
    }

    /// <summary>How sentences call this object: `an instance` until its id is known, then `instance i-…`.</summary>
    public string What { get; set; }

    public WorldFileException Refuse(string sentence, string? about = null) =>
        new(_file, (about is null ? null : Find(about))?.Line ?? _node.Line, sentence);

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) => Value(name) switch
    {
        null => null,
        { Kind: JsonValueKind.String, Text.Length: > 0 } text => text.Text,
        { } other => throw Wrong(name, other, "a text that is not empty"),
    };

    public string OneOf(string name, IReadOnlyCollection<string> choices, string? otherwise = null)
    {
        var text = OptionalText(name) ?? otherwise ?? throw Missing(name);
        return choices.Contains(text) ? text : throw Wrong(name, Find(name)!.Value, $"one of {string.Join(", ", choices)}");
    }

    public bool Flag(string name, bool otherwise) => Value(name) switch
    {
        null => otherwise,
        { Kind: JsonValueKind.True } => true,
        { Kind: JsonValueKind.False } => false,
        { } other => throw Wrong(name, other, "true or false"),
    };

    /// <summary>`true`, `false` or one of the words.</summary>
    public string FlagOrOneOf(string name, IReadOnlyCollection<string> choices, bool otherwise) => Value(name) switch
    {
        null => otherwise ? "true" : "false",
        { Kind: JsonValueKind.True or JsonValueKind.False } flag => flag.Text,
        { Kind: JsonValueKind.String } word when word.Text is not ("true" or "false") && choices.Contains(word.Text) => word.Text,
        { } other => throw Wrong(name, other, $"one of {string.Join(", ", choices)}"),
    };

    public int Number(string name, int least) => OptionalNumber(name, least) ?? throw Missing(name);

    public int? OptionalNumber(string name, int least) => Value(name) switch
    {
        null => null,
        { Kind: JsonValueKind.Number } number
            when int.TryParse(number.Text, CultureInfo.InvariantCulture, out var value) && value >= least => value,
        { } other => throw Wrong(name, other, $"a whole number from {least} to {int.MaxValue}"),
    };

    public double Seconds(string name) => OptionalSeconds(name) ?? throw Missing(name);

    public double? OptionalSeconds(string name) => Value(name) switch
    {
        null => null,
        { Kind: JsonValueKind.Number } number
            when double.TryParse(number.Text, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1e9 => value,
        { } other => throw Wrong(name, other, "a number of seconds, 0 or more"),
    };

    /// <summary>A part of a whole; of what there is not enough of, up to ten wholes may be wanted.</summary>
    public double Share(string name) => Value(name) switch
    {
        null => throw Missing(name),
        { Kind: JsonValueKind.Number } number
            when double.TryParse(number.Text, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 10 => value,
        { } other => throw Wrong(name, other, "a number from 0 to 10, such as 0.2 for a fifth"),
    };

    public IReadOnlyList<string>? OptionalTexts(string name) => Value(name) switch
    {
        null => null,
        { Kind: JsonValueKind.Array } list when list.Items.All(item => item.Kind == JsonValueKind.String) =>
            [.. list.Items.Select(item => item.Text)],
        { } other => throw Wrong(name, other, "an array of texts"),
    };

    public IReadOnlyDictionary<string, string> Texts(string name) => Value(name) switch
    {
        null => new Dictionary<string, string>(),
        { Kind: JsonValueKind.Object } map when map.Members.All(member => member.Value.Kind == JsonValueKind.String) =>
            map.Members.ToDictionary(member => member.Name, member => member.Value.Text),
        { } other => throw Wrong(name, other, "an object of texts, such as { \"env\": \"prod\" }"),
    };

    /// <summary>Whole numbers by name, none below 0.</summary>
    public IReadOnlyDictionary<string, int> Numbers(string name)
    {
        var map = OptionalObject(name) ?? throw Missing(name);
        return map._node.Members.ToDictionary(member => member.Name, member => map.Number(member.Name, least: 0));
    }

    /// <summary>The same for whatever says the same, however it is laid out.</summary>
    public string Fingerprint(string name)
    {
        var text = new StringBuilder();
        Value(name)?.AppendTo(text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public ObjectAt? OptionalObject(string name) =>
        Value(name) is { } value ? new ObjectAt(value, $"`{name}` of {What}", _file) : null;

    public IEnumerable<ObjectAt> Objects(string name, string each) => Value(name) switch
    {
        null => [],
        { Kind: JsonValueKind.Array } list => list.Items.Select(item => new ObjectAt(item, each, _file)),
        { } other => throw Wrong(name, other, "an array of objects"),
    };

    /// <summary>The same with other texts, read anew; the names of members stay.</summary>
    public ObjectAt WithTexts(Func<string, string> other) => new(_node.WithTexts(other), What, _file);

    public void Done()
    {
        if (_node.Members.FirstOrDefault(member => !_asked.Contains(member.Name)) is { } stranger)
        {
            throw Refuse($"{What} has no member `{stranger.Name}`; it may have {string.Join(", ", _asked.Distinct())}.", stranger.Name);
        }
    }

    private JsonAt? Value(string name)
    {
        _asked.Add(name);
        return Find(name)?.Value;
    }

    private MemberAt? Find(string name) => _node.Members.FirstOrDefault(member => member.Name == name);

    private WorldFileException Missing(string name) => Refuse($"{What} needs `{name}`.");

    private WorldFileException Wrong(string name, JsonAt value, string expected) =>
        new(_file, value.Line, $"`{name}` of {What} was {Shown(value)}; expected {expected}.");

    private static string Shown(JsonAt value) =>
        value.Kind is JsonValueKind.String or JsonValueKind.Number ? $"`{value.Text}`" : value.Text;
}
