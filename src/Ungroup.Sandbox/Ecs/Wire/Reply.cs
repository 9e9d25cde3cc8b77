namespace Ungroup.Sandbox.Ecs.Wire;

/// <summary>The way back: an answer of ECS, or what is seen when something between it and the caller breaks.</summary>
internal abstract record Reply
{
    private Reply() { }

    public sealed record Success(ReadOnlyMemory<byte> Json) : Reply;

    public sealed record Refusal(EcsError Error, bool LowercaseKeys = false) : Reply;

    /// <summary>The page of something in between.</summary>
    public sealed record ProxyPage(int HttpStatus) : Reply;

    /// <summary>200, and a body that was cut off and mixed with something else.</summary>
    public sealed record Garbage : Reply;

    public sealed record Empty(int HttpStatus) : Reply;

    /// <summary>STS's answer to a caller who comes too often.</summary>
    public sealed record Redirect : Reply;

    public sealed record Reset : Reply;

    /// <summary>The connection is closed in good order (FIN) instead of a reply.</summary>
    public sealed record Close : Reply;

    /// <summary>As the request log shows it; 0 when there is no status because the connection was reset or closed.</summary>
    public int Status => this switch
    {
        Success or Garbage => 200,
        Refusal refusal => refusal.Error.Status,
        Redirect => 302,
        ProxyPage page => page.HttpStatus,
        Empty empty => empty.HttpStatus,
        _ => 0,
    };

    public string? Code => (this as Refusal)?.Error.Code;
}

internal sealed record EcsError(int Status, string Code, string Message, Hint? Hint = null);
