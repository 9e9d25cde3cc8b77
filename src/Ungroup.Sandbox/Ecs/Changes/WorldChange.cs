namespace Ungroup.Sandbox.Ecs.Changes;

/// <summary>
/// What somebody other than the caller does to the world. <paramref name="Make"/> runs while the world is held and answers null,
/// or the sentence why it cannot be done.
/// </summary>
internal sealed record WorldChange(string Kind, string Subject, Func<World, DateTimeOffset, string?> Make);
