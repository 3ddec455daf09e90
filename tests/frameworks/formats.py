"""One notebook cell for each library of images, sound, maps, arrays and models."""

from __future__ import annotations

from tests.kernels.reading import Case

PREPARE = """
import os, sqlite3, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd, pyarrow as pa, shapely, geopandas as gpd, xarray as xr
import catboost, connectorx, cv2, deltalake, faiss, lightgbm as lgb, lmdb, lxml.etree
import netCDF4, onnx, onnxruntime, pyogrio, pyreadstat, rasterio, scipy.io
import soundfile as sf, xgboost as xgb
import adbc_driver_sqlite.dbapi as adbc
table = pd.DataFrame({"a": range(50), "b": np.linspace(0, 1, 50)})
x, y = np.random.rand(50, 3), np.arange(50) % 2
table.to_csv("in.csv", index=False, header=False)
open("in.html", "w").write("<table><tr><th>a</th></tr><tr><td>1</td></tr></table>")
with sqlite3.connect("in.sqlite") as c: table.to_sql("customers", c, index=False)
shapes = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs=4326)
lmdb.open("in.lmdb").close()
node = onnx.helper.make_node("Identity", ["a"], ["b"])
ends = [onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [1]) for n in "ab"]
graph = onnx.helper.make_graph([node], "g", ends[:1], ends[1:])
model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)])
model.ir_version = 8
onnx.save(model, "in.onnx")
"""


def _both(code: str, *paths: str) -> Case:
    return Case(code, paths, paths)


_SHAPEFILE = tuple(f"shapes.{ending}" for ending in ("shp", "shx", "dbf", "prj", "cpg"))

CASES = {
    "cv2": _both("cv2.imwrite('o.png', np.zeros((4, 4), 'uint8')); cv2.imread('o.png')", "o.png"),
    "cv2 video": _both(
        "w = cv2.VideoWriter('o.avi', cv2.VideoWriter_fourcc(*'MJPG'), 5, (32, 32))\n"
        "w.write(np.zeros((32, 32, 3), 'uint8')); w.release()\n"
        "r = cv2.VideoCapture('o.avi'); assert isinstance(r, cv2.VideoCapture); r.release()",
        "o.avi",
    ),
    "cv2 values": Case(
        "f = cv2.FileStorage('o.yml', cv2.FILE_STORAGE_WRITE); f.write('a', 1); f.release()",
        (),
        ("o.yml",),
    ),
    "soundfile": _both("sf.write('o.wav', np.zeros(9), 8000); sf.read('o.wav')", "o.wav"),
    "pyreadstat": _both("pyreadstat.write_sav(table, 'o.sav'); pd.read_spss('o.sav')", "o.sav"),
    "pyreadstat dta": _both(
        "pyreadstat.write_dta(table, 'o.dta'); pyreadstat.read_dta('o.dta')", "o.dta"
    ),
    "read_html": Case("pd.read_html('in.html')", ("in.html",)),
    "lxml": Case("lxml.etree.parse('in.html', lxml.etree.HTMLParser())", ("in.html",)),
    "netCDF4": _both(
        "netCDF4.Dataset('o.nc', 'w').close(); netCDF4.Dataset('o.nc').close()", "o.nc"
    ),
    "xarray": _both(
        "xr.Dataset({'a': ('t', [1.0])}).to_netcdf('x.nc'); xr.open_dataset('x.nc').load().close()",
        "x.nc",
    ),
    "geopandas": _both("shapes.to_file('o.gpkg'); gpd.read_file('o.gpkg')", "o.gpkg"),
    "shapefile": _both("shapes.to_file('shapes.shp'); gpd.read_file('shapes.shp')", *_SHAPEFILE),
    "pyogrio": Case("pyogrio.read_info('o.gpkg'); pyogrio.read_arrow('o.gpkg')", ("o.gpkg",)),
    "rasterio": _both(
        "with rasterio.open('o.tif', 'w', driver='GTiff', height=1, width=1, count=1,"
        " dtype='uint8') as r: r.write(np.zeros((1, 1, 1), 'uint8'))\n"
        "rasterio.open('o.tif').read()",
        "o.tif",
    ),
    "deltalake": _both(
        "deltalake.write_deltalake('o delta', pa.table(table)); deltalake.DeltaTable('o delta')",
        "o delta",
    ),
    "lmdb": Case("lmdb.open('in.lmdb', readonly=True).close()", ("in.lmdb",)),
    "connectorx": Case(
        "url = 'sqlite://' + os.path.abspath('in.sqlite')\n"
        "connectorx.read_sql(url, 'select a from customers')",
        ("in.sqlite",),
    ),
    "adbc": Case("adbc.connect('in.sqlite').close()", ("in.sqlite",)),
    "xgboost": _both(
        "b = xgb.train({}, xgb.DMatrix(x, y), 2); b.save_model('o.json')\n"
        "xgb.Booster(model_file='o.json')",
        "o.json",
    ),
    "xgboost data": Case("xgb.DMatrix('in.csv?format=csv&label_column=0')", ("in.csv",)),
    "lightgbm": Case("lgb.Dataset('in.csv').construct()", ("in.csv",)),
    "lightgbm saves": Case("lgb.Dataset(x, y).construct().save_binary('o.lgb')", (), ("o.lgb",)),
    "catboost": _both(
        "m = catboost.CatBoostClassifier(iterations=1, verbose=0, allow_writing_files=False)\n"
        "m.fit(x, y).save_model('o.cbm'); catboost.CatBoostClassifier().load_model('o.cbm')",
        "o.cbm",
    ),
    "faiss": _both(
        "i = faiss.IndexFlatL2(3); faiss.write_index(i, 'o.faiss'); faiss.read_index('o.faiss')",
        "o.faiss",
    ),
    "onnxruntime": Case("onnxruntime.InferenceSession('in.onnx')", ("in.onnx",)),
    "onnxruntime of bytes": Case("onnxruntime.InferenceSession(model.SerializeToString())"),
}
