namespace Ungroup.Ecs;

/// <summary>The kind of no that ECS said. Waiting, retrying and settling read only this.</summary>
internal enum Fault
{
    /// <summary>It is not a member: the goal is reached.</summary>
    AlreadyDone,

    /// <summary>Never retry unchanged.</summary>
    Permanent,

    /// <summary>Retry when the resource has changed its state.</summary>
    Later,

    /// <summary>Retry soon.</summary>
    Transient,

    /// <summary>It may or may not have happened: read back first. For a read this is <see cref="Transient"/>.</summary>
    Unknown,

    /// <summary>The quota of the account, region and API is used up.</summary>
    Throttled,

    /// <summary>Refresh the credentials once, then <see cref="Configuration"/>.</summary>
    Authentication,

    /// <summary>
    /// A no in ECS's envelope, by a code that Ungroup does not know. A request is given a few tries, minutes apart; where several
    /// resources meet the same code, it is not about them, and the API waits.
    /// </summary>
    Unfamiliar,

    /// <summary>The account may not make this call; an operator must act. The circuit that closes is as wide as the refusal.</summary>
    Denied,

    /// <summary>An operator must act; until then the whole account waits.</summary>
    Configuration,
}
