using Ungroup.Messages;

namespace Ungroup.Intake;

/// <summary>The queues requests go to. An incident has one of its own, so that it never waits behind a clean-up.</summary>
public static class RequestQueues
{
    public const string Removals = "removals";

    public const string Incidents = "removals-incident";

    public static string For(Origin origin) => origin == Origin.Incident ? Incidents : Removals;
}
