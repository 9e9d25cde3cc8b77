namespace Ungroup.Sandbox.Ecs.Changes;

/// <summary>
/// A change of the world by somebody other than the caller. <paramref name="Make"/> runs while the world is held and answers null,
/// or the sentence why it cannot be done.
/// </summary>
internal sealed record WorldChange(string Kind, string Subject, Func<World, DateTimeOffset, string?> Make);
