"""What a run read and wrote, as datasets of OpenLineage."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from .openlineage import EventMaker, given

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..data.schemas import ColumnProfile, DataProfile
    from ..snapshots.schemas import FileUse
    from .openlineage import Event

# what stays as it is in an address, escapes included
_URI = "%:/?#[]@!$&'()*+,;="
_TYPES = {"file": "FILE", "folder": "FILE", "table": "TABLE"}
_INNER_QUANTILES = {"0.25": 1, "0.5": 2, "0.75": 3}


class DatasetMaker(EventMaker):
    """Makes the datasets of one project's runs."""

    def datasets(
        self, uses: Iterable[FileUse], profiles: Mapping[str, DataProfile]
    ) -> tuple[list[Event], list[Event]]:
        """Return what was read, and what was written.

        Args:
            uses: what the run used.
            profiles: by digest, what is known of tables.
        """
        inputs: list[Event] = []
        outputs: list[Event] = []
        for use in uses:
            profile = profiles.get(use.digest or "")
            dataset = self._dataset(use, profile)
            if use.mode == "write":
                outputs.append(dataset | {"outputFacets": self._written(use, profile)})
            else:
                inputs.append(dataset | {"inputFacets": self._read(use, profile)})
        return inputs, outputs

    def _dataset(self, use: FileUse, profile: DataProfile | None) -> Event:
        """Return a dataset by OpenLineage's rules for names: `file` and the absolute path."""
        if use.kind in {"file", "folder"}:
            path = self.project.root / use.path
            namespace, name = "file", path.as_posix()
            source = self.facet("DatasourceDatasetFacet", name="file", uri=path.as_uri())
        else:
            parts = urlsplit(use.path)
            namespace = f"{parts.scheme}://{parts.netloc}" if parts.netloc else parts.scheme
            namespace, name = namespace or "unknown", parts.path.lstrip("/") or use.path
            source = self.facet(
                "DatasourceDatasetFacet", name=namespace, uri=quote(use.path, safe=_URI)
            )
        facets = {"dataSource": source}
        if use.kind in _TYPES:
            kind = _TYPES[use.kind]
            facets["datasetType"] = self.facet("DatasetTypeDatasetFacet", datasetType=kind)
        if use.digest is not None:
            facets["version"] = self.facet("DatasetVersionDatasetFacet", datasetVersion=use.digest)
        if profile is not None:
            fields = [{"name": column.name, "type": column.type} for column in profile.columns]
            facets["schema"] = self.facet("SchemaDatasetFacet", fields=fields)
        return {"namespace": namespace, "name": name, "facets": facets}

    def _read(self, use: FileUse, profile: DataProfile | None) -> Event:
        statistics = self._statistics("InputStatisticsInputDatasetFacet", use, profile)
        facets = {"inputStatistics": statistics}
        if profile is not None:
            facets["dataQualityMetrics"] = self.facet(
                "DataQualityMetricsInputDatasetFacet",
                # of the rows that were looked at
                rowCount=profile.looked_at,
                columnMetrics={column.name: _metrics(column) for column in profile.columns},
            )
        return facets

    def _written(self, use: FileUse, profile: DataProfile | None) -> Event:
        statistics = self._statistics("OutputStatisticsOutputDatasetFacet", use, profile)
        return {"outputStatistics": statistics}

    def _statistics(self, facet: str, use: FileUse, profile: DataProfile | None) -> Event:
        rows = profile.rows if profile is not None else None
        return self.facet(facet, rowCount=rows, size=use.size, fileCount=use.count)


def _metrics(column: ColumnProfile) -> Event:
    """Return what is known of a column; ends of times are no numbers, so they are left out."""
    quantiles = column.quantiles or [None] * 5
    inner = given({name: quantiles[at] for name, at in _INNER_QUANTILES.items()})
    known = {
        "nullCount": column.missing,
        "distinctCount": column.distinct,
        "min": quantiles[0],
        "max": quantiles[-1],
        "quantiles": inner or None,
    }
    return given(known)
