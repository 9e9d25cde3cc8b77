namespace Ungroup.Ecs;

internal static class Advice
{
    public const string Wait = "Nothing to do: it is tried again by itself.";
    public const string Quota = "Nothing to do: it is tried again when the window turns. If it happens often, see who else calls this API.";
    public const string State = "Nothing to do: it is tried again until the resource has settled or the deadline passes.";
    public const string Gone = "Check the id, the region and the account of the request: ECS knows no such thing there.";
    public const string Managed = "Make the change in the cloud product that manages it.";
    public const string Input = "Correct the request; sent as it is, it can never work.";
    public const string Limit = "No place is left: make room in the group, or name another one. Report it if a removal meets this.";
    public const string Mismatch = "The group and the resource do not fit: name another group. Report it if a removal meets this.";
    public const string Permission = "Grant the account's key ecs:<action>: a change on the resource and the group, a read on everything.";
    public const string Key = "Check the access key of the account (Accounts:<name>), and that it is enabled.";
    public const string Token = "Check where the account's temporary credentials come from: they are refreshed once, and then an operator must act.";
    public const string Signature = "Check the access key secret of the account, and anything between us and ECS that rewrites requests.";
    public const string Clock = "Correct the clock of the machine: ECS takes dates within 15 minutes of its own.";
    public const string Addresses = "Check Ecs:Endpoint, the account's endpoint and the region of the request.";
    public const string Foreign = "Look at what stands between Ungroup and ECS: a proxy, a firewall, Ecs:Endpoint or the account's endpoint.";
    public const string NotKnown = "This code is not known to Ungroup: look it up with Alibaba Cloud, by its request id.";

    /// <summary>The advice about one call, which is named in it.</summary>
    public static string About(string action, string advice) => advice.Replace("<action>", action, StringComparison.Ordinal);
}
