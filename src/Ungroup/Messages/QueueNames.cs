namespace Ungroup.Messages;

/// <summary>The queues, by what comes on them.</summary>
internal static class QueueNames
{
    public const string Removals = "removals";

    public const string Incidents = "removals-incident";

    public const string Jobs = "removals-jobs";

    public static string For(Origin origin) => origin == Origin.Incident ? Incidents : Removals;
}
