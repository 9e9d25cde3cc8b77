using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Requests;

/// <summary>The id of a security group: <c>sg-</c> and up to 60 letters, digits, hyphens or underscores.</summary>
public sealed record SecurityGroupId
{
    private SecurityGroupId(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SecurityGroupId? id)
    {
        id = ResourceId.HasForm(text, "sg-") ? new(text) : null;
        return id is not null;
    }

    public override string ToString() => Value;
}
