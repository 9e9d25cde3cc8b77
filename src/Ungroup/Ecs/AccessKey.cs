namespace Ungroup.Ecs;

/// <summary>Prints as its id alone.</summary>
internal sealed record AccessKey(string AccessKeyId, string AccessKeySecret, string? SecurityToken = null)
{
    public override string ToString() => AccessKeyId.Length > 8 ? $"{AccessKeyId[..4]}…{AccessKeyId[^2..]}" : "…";

    /// <summary>ECS may echo a key or a token in its messages.</summary>
    public string Redact(string text)
    {
        text = text.Replace(AccessKeySecret, "***", StringComparison.Ordinal).Replace(AccessKeyId, ToString(), StringComparison.Ordinal);
        return SecurityToken is { Length: > 0 } token ? text.Replace(token, "***", StringComparison.Ordinal) : text;
    }
}
