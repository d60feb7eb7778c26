// Badges for Swagger UI, which ignores x-badges. Made for the overlay of oapi-guard:
//
//   <script src="oapi-guard-badges.js"></script>
//   SwaggerUIBundle({url: "openapi.yaml", dom_id: "#swagger-ui", plugins: [OapiGuardBadges]})
//
// Names stand in the page as text, and colours as the one property that they are for, whatever the document holds.
(function (root) {
  "use strict";

  // White text on these has a contrast of 4.5 at least (WCAG 2.2 section 1.4.3).
  const colors = {public: "#0f766e", caller: "#475569", role: "#4338ca", scope: "#0369a1", ownership: "#a16207"};
  const own = /^(#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,30})$/i;

  const style = {
    display: "inline-block", margin: "2px 6px 2px 0", padding: "2px 8px", borderRadius: "10px", color: "#fff",
    font: "600 11px/16px sans-serif", maxWidth: "40ch", overflowWrap: "anywhere", textAlign: "left",
  };

  function color(badge) {
    const kind = badge["x-guard-access"];
    if (typeof kind === "string" && Object.hasOwn(colors, kind)) return colors[kind];
    return typeof badge.color === "string" && own.test(badge.color) ? badge.color : colors.caller;
  }

  // badgesOf reads x-badges of an operation: where it stands in the document, or behind a reference, which is resolved.
  function badgesOf(system, props) {
    const at = props.specPath && props.specPath.toJS ? props.specPath.toJS() : [];
    const found = system.specSelectors.specJson().getIn([...at, "x-badges"]) ||
      (props.operationProps && props.operationProps.getIn(["op", "x-badges"]));
    const list = found && found.toJS ? found.toJS() : [];
    return Array.isArray(list) ? list.filter(badge => badge && typeof badge.name === "string") : [];
  }

  function OapiGuardBadges(system) {
    const element = system.React.createElement;
    return {
      wrapComponents: {
        OperationSummaryPath: Original => function PathWithBadges(props) {
          return element("span", {style: {minWidth: 0}},
            element(Original, props),
            element("span", {style: {display: "block", padding: "0 10px"}}, badgesOf(system, props).map((badge, i) =>
              element("span", {key: i, className: "oapi-guard-badge", style: Object.assign({}, style, {backgroundColor: color(badge)})}, badge.name))));
        },
      },
    };
  }

  root.OapiGuardBadges = OapiGuardBadges;
  if (typeof module === "object" && module.exports) module.exports = OapiGuardBadges;
})(typeof globalThis === "object" ? globalThis : this);
